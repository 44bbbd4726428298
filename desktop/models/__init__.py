"""What the views show: Qt models and plain state. No threads, no reading of disks."""
