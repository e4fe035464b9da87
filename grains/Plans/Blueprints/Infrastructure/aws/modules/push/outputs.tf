output "role_arn" {
  value = aws_iam_role.push.arn
}

output "provider_arn" {
  value = local.provider
}
