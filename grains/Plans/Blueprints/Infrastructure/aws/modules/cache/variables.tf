variable "name" {
  description = "Name of the replication group, at most 40 characters"
  type        = string
}

variable "vpc_id" {
  description = "The network"
  type        = string
}

variable "subnets" {
  description = "Private subnets"
  type        = list(string)
}

variable "clients" {
  description = "Security groups that may connect, by service"
  type        = map(string)
}

variable "node_type" {
  description = "Size of a node"
  type        = string
}

variable "nodes" {
  description = "Nodes; two or more fail over by themselves"
  type        = number
}

variable "snapshot_days" {
  description = "Days for which snapshots are kept"
  type        = number
}
