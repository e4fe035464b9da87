variable "name" {
  description = "Name of the service"
  type        = string
}

variable "label" {
  description = "Its name in the cluster, also of its service account"
  type        = string
}

variable "cluster_name" {
  description = "Name of the cluster, prefix of every name"
  type        = string
}

variable "namespace" {
  description = "Namespace in the cluster"
  type        = string
}

variable "region" {
  description = "The region of its secrets"
  type        = string
}

variable "variables" {
  description = "Plain values by name"
  type        = map(string)
}

variable "secret_names" {
  description = "Secrets that are made empty for people to fill in"
  type        = list(string)
}

variable "secrets" {
  description = "Further secrets by variable, as ARNs that are there already"
  type        = map(string)
  default     = {}
}

variable "key_arns" {
  description = "Keys with which those are encrypted"
  type        = list(string)
  default     = []
}

variable "bucket_arns" {
  description = "Buckets whose objects it reads and writes"
  type        = list(string)
  default     = []
}
