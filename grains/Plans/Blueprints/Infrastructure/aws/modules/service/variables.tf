variable "name" {
  description = "Name of the service"
  type        = string
}

variable "cluster_arn" {
  description = "The cluster it runs in"
  type        = string
}

variable "cluster_name" {
  description = "Name of the cluster, prefix of every name"
  type        = string
}

variable "region" {
  description = "The region, for its log"
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

variable "security_group" {
  description = "Its own security group"
  type        = string
}

variable "namespace_id" {
  description = "Where it is found by other services"
  type        = string
}

variable "balancer_security_group" {
  description = "Of the load balancer"
  type        = string
}

variable "listener_arn" {
  description = "The load balancer's listener; null when nobody outside reaches it"
  type        = string
  default     = null
}

variable "hosts" {
  description = "Host names that are routed to it"
  type        = list(string)
  default     = []
}

variable "port" {
  description = "Port on which it listens; 0 for none"
  type        = number
}

variable "health_path" {
  description = "Answers 200 to 399 when it is well"
  type        = string
  default     = "/"
}

variable "image_digest" {
  description = "Digest (sha256:…) of the first image; releases choose later ones"
  type        = string
}

variable "cpu" {
  description = "Units of 1/1024 processor"
  type        = number
}

variable "memory_mib" {
  description = "Memory in MiB"
  type        = number
}

variable "copies" {
  description = "How many run at least"
  type        = number
}

variable "most_copies" {
  description = "How many run at most"
  type        = number
}

variable "stop_seconds" {
  description = "From SIGTERM to SIGKILL, at most 120"
  type        = number
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

variable "log_days" {
  description = "Days for which its log is kept"
  type        = number
}
