# The app with its command line. Without `auto_updates`: only signed copies replace themselves, and `brew upgrade` passes over casks that say so.
cask "notafter" do
  arch arm: "arm64", intel: "x64"

  version "@VERSION@"
  sha256 arm:   "@DMG_ARM64_SHA256@",
         intel: "@DMG_X64_SHA256@"

  url "@PAGE@/releases/download/v#{version}/@DMG@"
  name "@PRODUCT@"
  desc "Certificate monitor in the menu bar"
  homepage "@PAGE@"

  livecheck do
    url :url
    strategy :github_latest
  end

  depends_on macos: :@MACOS@

  app "@PRODUCT@.app"
  binary "#{appdir}/@PRODUCT@.app/Contents/Resources/bin/notafter"

  uninstall quit:       "@APP_ID@",
            login_item: "@PRODUCT@"

  zap trash: [
    "~/Library/Application Support/@PRODUCT@",
    "~/Library/Caches/@APP_ID@",
    "~/Library/Caches/@APP_ID@.ShipIt",
    "~/Library/HTTPStorages/@APP_ID@",
    "~/Library/Preferences/@APP_ID@.plist",
    "~/Library/Saved Application State/@APP_ID@.savedState",
  ]
end
