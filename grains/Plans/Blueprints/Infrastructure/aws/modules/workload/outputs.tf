output "repository_url" {
  value = aws_ecr_repository.this.repository_url
}

output "run_role_arn" {
  value = aws_iam_role.run.arn
}

output "secret_arns" {
  value = { for name, secret in aws_secretsmanager_secret.this : name => secret.arn }
}

output "manifests" {
  description = "What the cluster has to know of AWS: plain values, and where the secrets are"
  value = concat(
    [yamlencode({
      apiVersion = "v1"
      kind       = "ConfigMap"
      metadata   = { name = var.label }
      data       = var.variables
    })],
    [for secrets in [local.secrets] : yamlencode({
      apiVersion = "secrets-store.csi.x-k8s.io/v1"
      kind       = "SecretProviderClass"
      metadata   = { name = var.label }
      spec = {
        provider = "aws"
        parameters = {
          region         = var.region
          usePodIdentity = "true"
          objects        = yamlencode([for name, arn in secrets : { objectName = arn, objectType = "secretsmanager", objectAlias = name }])
        }
        secretObjects = [{ secretName = var.label, type = "Opaque", data = [for name in keys(secrets) : { objectName = name, key = name }] }]
      }
    }) if length(var.secret_names) + length(var.secrets) > 0],
  )
}
