//! Made-up citizens and operators who talk to all organisations through the real routes, so that the first minute shows
//! life. Reaches nothing but loopback.
