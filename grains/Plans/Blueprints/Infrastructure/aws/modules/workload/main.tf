# What one service has at AWS: its image repository, its secrets without values, and what its pods may do. What runs is in infrastructure/kubernetes.

resource "aws_ecr_repository" "this" {
  name                 = "${var.cluster_name}/${var.name}"
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "KMS"
  }
}

# Values are written by people or by ProdSprint, never by Terraform: its state must not hold a secret.
resource "aws_secretsmanager_secret" "this" {
  for_each                = toset(var.secret_names)
  name                    = "${var.cluster_name}/${var.name}/${each.key}"
  recovery_window_in_days = 30
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
    }
  }
}

locals {
  secrets = merge({ for name, secret in aws_secretsmanager_secret.this : name => secret.arn }, var.secrets)
}

# Its own secrets and buckets, and nothing else.
data "aws_iam_policy_document" "run" {
  dynamic "statement" {
    for_each = length(var.secret_names) + length(var.secrets) > 0 ? [1] : []

    content {
      actions   = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
      resources = values(local.secrets)
    }
  }

  dynamic "statement" {
    for_each = length(var.key_arns) > 0 ? [1] : []

    content {
      actions   = ["kms:Decrypt"]
      resources = var.key_arns
    }
  }

  dynamic "statement" {
    for_each = length(var.bucket_arns) > 0 ? [1] : []

    content {
      actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
      resources = [for arn in var.bucket_arns : "${arn}/*"]
    }
  }

  dynamic "statement" {
    for_each = length(var.bucket_arns) > 0 ? [1] : []

    content {
      actions   = ["s3:ListBucket"]
      resources = var.bucket_arns
    }
  }
}

resource "aws_iam_role" "run" {
  name               = "${var.cluster_name}-${var.name}-run"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

resource "aws_iam_role_policy" "run" {
  count  = length(var.secret_names) + length(var.secrets) + length(var.key_arns) + length(var.bucket_arns) > 0 ? 1 : 0
  role   = aws_iam_role.run.id
  policy = data.aws_iam_policy_document.run.json
}

resource "aws_eks_pod_identity_association" "run" {
  cluster_name    = var.cluster_name
  namespace       = var.namespace
  service_account = var.label
  role_arn        = aws_iam_role.run.arn
}
