output "name" {
  value = aws_lb.this.dns_name
}

output "zone" {
  value = aws_lb.this.zone_id
}
