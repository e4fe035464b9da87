variable "name" {
  description = "Name of the load balancer, at most 32 characters"
  type        = string
}

variable "vpc_id" {
  description = "The network"
  type        = string
}

variable "subnets" {
  description = "Public subnets, in at least two zones"
  type        = list(string)
}

variable "certificate_arn" {
  description = "Certificate of the name under which CloudFront asks"
  type        = string
}

variable "hosts" {
  description = "Host names that are answered"
  type        = list(string)
}

variable "node_security_group" {
  description = "Of the nodes"
  type        = string
}

variable "autoscaling_group" {
  description = "The group whose nodes are its targets"
  type        = string
}

variable "node_port" {
  description = "Port at which every node answers for the entry service"
  type        = number
}

variable "health_path" {
  description = "Answers 200 to 399 when the entry service is well"
  type        = string
}

variable "protect" {
  description = "Refuse deletion"
  type        = bool
}
