variable "name" {
  description = "The project's name"
  type        = string
}

variable "region" {
  type = string
}

variable "repository" {
  description = "OWNER/NAME at GitHub"
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.repository))
    error_message = "Give OWNER/NAME as GitHub writes it."
  }
}

variable "branches" {
  description = "Branches whose runs may push"
  type        = list(string)

  validation {
    condition     = length(var.branches) > 0
    error_message = "Name a branch at least."
  }
}

variable "image_repositories" {
  description = "Names of the repositories in ECR that it may write to"
  type        = list(string)
}

variable "provider_arn" {
  description = "GitHub's OIDC provider when the account has it; empty: it is made"
  type        = string
}
