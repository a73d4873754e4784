"""The credential graph: the networkx graph people see, and the arrays the hot path runs on."""
