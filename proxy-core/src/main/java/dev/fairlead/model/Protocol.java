package dev.fairlead.model;

/** The transport protocols a Kubernetes Service port may name. SCTP ports are never proxied. */
public enum Protocol {
    TCP, UDP, SCTP
}
