variable "name" {
  description = "Name of distribution and firewall"
  type        = string
}

variable "domain" {
  description = "The name that users type"
  type        = string
}

variable "zone" {
  description = "The zone in Route 53 that holds the name"
  type        = string
}

variable "origin" {
  description = "The name under which the load balancer answers, covered by its certificate"
  type        = string
}

variable "cached_paths" {
  description = "Paths whose answers are the same for everybody and may be cached"
  type        = list(string)
}

variable "requests_per_address" {
  description = "Requests from one address in five minutes, above which it is blocked"
  type        = number
}
