# The command line and the service, on Homebrew's Node. The cask of the same name has its own copy: install one of the two.
class Notafter < Formula
  desc "Watch TLS certificates and warn before they expire"
  homepage "@PAGE@"
  url "@DOWNLOADS@/@NPM@"
  sha256 "@NPM_SHA256@"
  license "@LICENSE@"

  livecheck do
    url :stable
    strategy :github_latest
  end

  depends_on "node"

  def install
    system "npm", "install", *std_npm_args
    bin.install_symlink libexec.glob("bin/*")
    share_files = libexec/"lib/node_modules/notafter/share"
    man1.install_symlink share_files/"man/man1/notafter.1"
    bash_completion.install_symlink share_files/"bash-completion/completions/notafter"
    zsh_completion.install_symlink share_files/"zsh/site-functions/_notafter"
    fish_completion.install_symlink share_files/"fish/vendor_completions.d/notafter.fish"
  end

  service do
    run [opt_bin/"notafter", "serve", "--data", var/"notafter"]
    keep_alive successful_exit: false
    log_path var/"log/notafter.log"
    error_log_path var/"log/notafter.log"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/notafter --version")
    # Exit status 3: the host does not answer.
    assert_match "localhost:1", shell_output("#{bin}/notafter check localhost:1", 3)
  end
end
