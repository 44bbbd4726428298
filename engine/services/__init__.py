"""What it takes to ask a service in the network: keys, connections, words for its failures, patience and money."""
