variable "domain" {
  description = "The name that the certificate is for"
  type        = string
}

variable "zone" {
  description = "The zone in Route 53 that holds the name"
  type        = string
}
