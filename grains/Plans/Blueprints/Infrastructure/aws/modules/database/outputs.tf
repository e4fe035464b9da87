output "address" {
  value = aws_db_instance.this.address
}

output "port" {
  value = aws_db_instance.this.port
}

output "database" {
  value = aws_db_instance.this.db_name
}

output "secret_arn" {
  description = "Where user name and password are kept"
  value       = aws_db_instance.this.master_user_secret[0].secret_arn
}

output "key_arn" {
  value = aws_kms_key.this.arn
}
