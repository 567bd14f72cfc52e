//! Runs in which rows once vanished or two leaders stood on the stage, and others that random faults do not bring.
