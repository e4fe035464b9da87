variable "name" {
  description = "Prefix of every name, unique in the account"
  type        = string
}

variable "region" {
  description = "The region, for the address of S3"
  type        = string
}

variable "cidr" {
  description = "Addresses of the network, at least a /20"
  type        = string
}

variable "zones" {
  description = "Availability zones, 2 or 3"
  type        = number
}

variable "gateway_per_zone" {
  description = "One NAT gateway in each zone (survives the loss of a zone) or one in all"
  type        = bool
}

variable "log_days" {
  description = "Days for which rejected traffic is kept"
  type        = number
}
