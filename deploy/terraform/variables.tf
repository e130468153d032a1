variable "project" {
  description = "The project of topics, subscriptions, accounts and Cloud Run"
  type        = string
}

variable "region" {
  description = "Where Cloud Run runs: the region of the bucket"
  type        = string
}

variable "bucket" {
  description = "The bucket whose images are read, without gs://"
  type        = string
}

variable "bucket_project" {
  description = "The project of the bucket, where it is another one"
  type        = string
  default     = null
}

variable "name" {
  description = "What the names of all things begin with"
  type        = string
  default     = "images"
}

variable "runs_as" {
  description = "What takes the events: worker-pool (pull), push (a service), or none (Kubernetes, Compute Engine)"
  type        = string
  default     = "worker-pool"
  validation {
    condition     = contains(["worker-pool", "push", "none"], var.runs_as)
    error_message = "It is worker-pool, push or none."
  }
}

variable "image" {
  description = "The container image of imagemeta; not needed where runs_as is none"
  type        = string
  default     = null
}

variable "store" {
  description = "Where records go: postgres://…, firestore://… or pubsub://…"
  type        = string
}

variable "store_password_secret" {
  description = "The secret of Secret Manager that holds PostgreSQL's password"
  type        = string
  default     = null
}

variable "network" {
  description = "A network and subnetwork for Cloud Run, where the store has a private address"
  type = object({
    network    = string
    subnetwork = string
  })
  default = null
}

variable "workers" {
  description = "Instances of the worker pool at first; afterwards its autoscaler says how many"
  type        = number
  default     = 1
}

variable "most_instances" {
  description = "Instances of the push service at most"
  type        = number
  default     = 20
}

variable "push_audience" {
  description = "The audience of the tokens that Pub/Sub sends with a push"
  type        = string
  default     = "imagemeta-push"
}

variable "alert_channels" {
  description = "Notification channels of Cloud Monitoring: projects/P/notificationChannels/N"
  type        = list(string)
  default     = []
}

variable "oldest_message_minutes" {
  description = "Minutes that an event may wait before it is alerted"
  type        = number
  default     = 30
}

variable "logging_resource" {
  description = "The monitored resource that workers log as, where runs_as does not say it: gce_instance on Compute Engine"
  type        = string
  default     = null
}
