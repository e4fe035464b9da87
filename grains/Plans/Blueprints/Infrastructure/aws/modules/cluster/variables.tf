variable "name" {
  description = "Name of cluster and load balancer, at most 32 characters"
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

variable "services" {
  description = "Security groups of the services it may reach, by service"
  type        = map(string)
}

variable "certificate_arn" {
  description = "Certificate of the name under which CloudFront asks"
  type        = string
}

variable "protect" {
  description = "Refuse deletion of the load balancer"
  type        = bool
}
