variable "name" {
  description = "Name of the cluster"
  type        = string
}

variable "subnets" {
  description = "Private subnets, in at least two zones"
  type        = list(string)
}

variable "kubernetes_version" {
  description = "Minor version, as in 1.34"
  type        = string
}

variable "operators" {
  description = "Roles (ARNs) that administer the cluster; whoever makes it is not among them by itself"
  type        = list(string)

  validation {
    condition     = length(var.operators) > 0
    error_message = "Name at least one role in operators: without one nobody can sign in to the cluster."
  }
}

variable "node_type" {
  description = "Size of a node"
  type        = string
}

variable "nodes" {
  description = "How many nodes there are at least"
  type        = number
}

variable "most_nodes" {
  description = "How many nodes there are at most"
  type        = number
}

variable "node_disk_gib" {
  description = "Disk of a node for images and logs, in GiB"
  type        = number
}

variable "log_days" {
  description = "Days for which logs are kept"
  type        = number
}

variable "protect" {
  description = "Refuse deletion"
  type        = bool
}
