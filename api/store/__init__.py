"""What is kept between two commands or two requests: plans, in one file on this machine."""
