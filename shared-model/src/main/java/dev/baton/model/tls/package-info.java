/// How clients of the control interface trust it over TLS: from PEM files, as operators have them.
@NullMarked
package dev.baton.model.tls;

import org.jspecify.annotations.NullMarked;
