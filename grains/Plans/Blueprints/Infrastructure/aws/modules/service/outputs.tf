output "repository_url" {
  value = aws_ecr_repository.this.repository_url
}

output "run_role_arn" {
  value = aws_iam_role.run.arn
}

output "secret_arns" {
  value = { for name, secret in aws_secretsmanager_secret.this : name => secret.arn }
}
