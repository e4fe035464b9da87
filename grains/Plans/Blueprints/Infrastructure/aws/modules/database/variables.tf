variable "name" {
  description = "Name of the instance"
  type        = string
}

variable "vpc_id" {
  description = "The network"
  type        = string
}

variable "subnets" {
  description = "Private subnets, in at least two zones"
  type        = list(string)
}

variable "clients" {
  description = "Security groups that may connect, by service"
  type        = map(string)
}

variable "engine" {
  description = "postgres or mysql"
  type        = string
}

variable "engine_version" {
  description = "Major version, so that minor ones are taken by themselves"
  type        = string
}

variable "family" {
  description = "Family of the parameter group, of the same version"
  type        = string
}

variable "encryption_parameter" {
  description = "The parameter with which connections without TLS are refused"
  type        = string
}

variable "port" {
  description = "Port of the database"
  type        = number
}

variable "database" {
  description = "Name of the first database"
  type        = string
}

variable "instance_class" {
  description = "Size of the instance"
  type        = string
}

variable "storage_gib" {
  description = "Storage at first in GiB; grows by itself up to five times that"
  type        = number
}

variable "multi_az" {
  description = "A standby in another zone"
  type        = bool
}

variable "backup_days" {
  description = "Days for which any moment can be restored"
  type        = number
}

variable "protect" {
  description = "Refuse deletion, and take a last snapshot"
  type        = bool
}
