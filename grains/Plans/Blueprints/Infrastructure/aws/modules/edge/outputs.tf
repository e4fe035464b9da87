output "url" {
  value = "https://${var.domain}"
}

output "distribution" {
  value = aws_cloudfront_distribution.this.id
}
