//! Reading what a curator clipped.
