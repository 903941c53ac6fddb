/*
 * A TLS 1.3 server by BoringSSL that compresses its certificate (RFC 8879), for clients that offer it and for no others:
 *   compressing-server CERT KEY zlib|brotli
 * It listens on a free port of 127.0.0.1, prints that port, and after each handshake the number of octets before and after the compression.
 * Built by the test with Debian's android-libboringssl-dev, whose library does all but the compression itself.
 */
#include <brotli/encode.h>
#include <netinet/in.h>
#include <openssl/bytestring.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

static const size_t most = 1 << 16;

static int keep(CBB *out, const uint8_t *data, size_t length, size_t before) {
  printf("%zu to %zu\n", before, length);
  fflush(stdout);
  return CBB_add_bytes(out, data, length);
}

static int by_zlib(SSL *ssl, CBB *out, const uint8_t *in, size_t length) {
  static uint8_t data[1 << 16];
  uLongf size = most;
  return compress(data, &size, in, length) == Z_OK && keep(out, data, size, length);
}

static int by_brotli(SSL *ssl, CBB *out, const uint8_t *in, size_t length) {
  static uint8_t data[1 << 16];
  size_t size = most;
  return BrotliEncoderCompress(5, 22, BROTLI_MODE_GENERIC, length, in, &size, data) && keep(out, data, size, length);
}

int main(int count, char **words) {
  if (count != 4) return 64;
  signal(SIGPIPE, SIG_IGN);
  SSL_CTX *context = SSL_CTX_new(TLS_method());
  int is_ready = SSL_CTX_use_certificate_chain_file(context, words[1]) == 1 &&
                 SSL_CTX_use_PrivateKey_file(context, words[2], SSL_FILETYPE_PEM) == 1 &&
                 SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1;
  /* RFC 8879, section 7.3: 1 is zlib, 2 is brotli. */
  is_ready = is_ready && (strcmp(words[3], "zlib") == 0
                              ? SSL_CTX_add_cert_compression_alg(context, 1, by_zlib, NULL)
                              : SSL_CTX_add_cert_compression_alg(context, 2, by_brotli, NULL));
  if (!is_ready) return 1;
  struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof place;
  int listening = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listening, (struct sockaddr *)&place, size) != 0 || listen(listening, 8) != 0) return 1;
  getsockname(listening, (struct sockaddr *)&place, &size);
  printf("%d\n", ntohs(place.sin_port));
  fflush(stdout);
  for (;;) {
    int connected = accept(listening, NULL, NULL);
    SSL *ssl = SSL_new(context);
    SSL_set_fd(ssl, connected);
    SSL_accept(ssl);
    SSL_free(ssl);
    close(connected);
  }
}
