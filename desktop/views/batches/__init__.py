"""The page of batches: the matrix of each, and its pictures beside what they were made from."""
