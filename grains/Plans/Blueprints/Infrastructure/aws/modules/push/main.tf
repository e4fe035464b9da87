# The role by which the pipeline brings images here: taken with the token that GitHub gives a run, without a key that could be lost.

# One per account: name the one that is there already in provider_arn.
resource "aws_iam_openid_connect_provider" "github" {
  count          = var.provider_arn == "" ? 1 : 0
  url            = "https://${local.issuer}"
  client_id_list = [local.audience]
}

data "aws_caller_identity" "this" {
}

locals {
  issuer    = "token.actions.githubusercontent.com"
  audience  = "sts.amazonaws.com"
  provider  = var.provider_arn == "" ? aws_iam_openid_connect_provider.github[0].arn : var.provider_arn
  partition = split(":", data.aws_caller_identity.this.arn)[1]
  registry  = "arn:${local.partition}:ecr:${var.region}:${data.aws_caller_identity.this.account_id}:repository"
}

# Runs of this repository on these branches. A pull request, a tag, a fork and a run in one of GitHub's environments have another subject, and get nothing.
data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [local.provider]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = [local.audience]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:sub"
      values   = [for branch in var.branches : "repo:${var.repository}:ref:refs/heads/${branch}"]
    }
  }
}

# Writes images into these repositories and looks which are there. It deletes nothing, and a tag that is written never moves.
data "aws_iam_policy_document" "push" {
  statement {
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    actions = [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:DescribeImages",
      "ecr:DescribeRepositories",
      "ecr:GetDownloadUrlForLayer",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ]
    resources = [for name in var.image_repositories : "${local.registry}/${name}"]
  }
}

resource "aws_iam_role" "push" {
  name                 = "${var.name}-push"
  description          = "Images of ${var.repository}"
  max_session_duration = 3600
  assume_role_policy   = data.aws_iam_policy_document.assume.json
}

resource "aws_iam_role_policy" "push" {
  role   = aws_iam_role.push.id
  policy = data.aws_iam_policy_document.push.json
}
