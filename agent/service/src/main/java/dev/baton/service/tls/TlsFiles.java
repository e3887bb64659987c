package dev.baton.service.tls;

import dev.baton.service.config.Live;
import java.nio.file.Path;

/// Where the files are by which one side of a connection shows who it is and knows the other.
///
/// @param certificate PEM, its own first, then what it comes from
/// @param privateKey PEM, PKCS #8, readable by its owner alone
/// @param ca PEM; from one of these the other side's certificate must come
public record TlsFiles(@Live Path certificate, @Live Path privateKey, @Live Path ca) {}
