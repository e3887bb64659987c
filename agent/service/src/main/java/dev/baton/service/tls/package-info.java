/// Certificates by which the hosts of a cluster know each other. A host's certificate comes from
/// the cluster's authority and names cluster and host in a URI, `baton://CLUSTER/HOST`; both sides
/// of a connection look at all of it, and a refusal says what is wrong and what to do. Files are
/// read anew while an agent runs.
@NullMarked
package dev.baton.service.tls;

import org.jspecify.annotations.NullMarked;
