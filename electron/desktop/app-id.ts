/**
 * The id of the desktop app: macOS' bundle, Windows' AppUserModelID, the desktop entry, AppStream and Flatpak. Its last part is not
 * `desktop`, which Flathub refuses: the entry's file would end twice in it (flatpak-builder-lint, `appid-ends-with-lowercase-desktop`).
 */
export const appId = 'app.notafter.NotAfter';
