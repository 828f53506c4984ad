"""Networks and surveys as files: GraphML, GEXF, edge lists and matrices."""
