// Loaded into Electron's main process before the app (`electron -r`): what the app puts on the screen outside of its
// windows is kept where a spec can read and click it. Nothing is taken away from what Electron does, but for
// notifications and the keyring, which need desktop services that a test machine lacks, and for questions.
const { EventEmitter } = require('node:events');
const { basename } = require('node:path');
const electron = require('electron');

const recorded = { trays: [], notifications: [], questions: [], answers: [], opened: [] };
globalThis.notafterRecorded = recorded;

const { createFromPath } = electron.nativeImage;
electron.nativeImage.createFromPath = (path) =>
  Object.assign(createFromPath(path), { recordedName: basename(path) });

const RealTray = electron.Tray;
class Tray extends RealTray {
  constructor(image) {
    super(image);
    this.recorded = { image: image.recordedName, toolTip: '', menu: null };
    recorded.trays.push(this.recorded);
  }
  setImage(image) {
    this.recorded.image = image.recordedName;
    super.setImage(image);
  }
  setToolTip(text) {
    this.recorded.toolTip = text;
    super.setToolTip(text);
  }
  setContextMenu(menu) {
    this.recorded.menu = menu;
    super.setContextMenu(menu);
  }
}

class Notification extends EventEmitter {
  static isSupported() {
    return process.env['NOTIFICATIONS_IN_TEST'] !== 'none';
  }
  constructor({ title, body, silent = false, actions = [] }) {
    super();
    Object.assign(this, { title, body, silent, actions, isShown: false });
  }
  show() {
    this.isShown = true;
    recorded.notifications.push(this);
  }
  close() {
    this.isShown = false;
    this.emit('close');
  }
}

// A test machine has no keyring.
Object.assign(electron.safeStorage, {
  isAsyncEncryptionAvailable: async () => process.env['KEYRING_IN_TEST'] !== 'none',
  getSelectedStorageBackend: () => 'gnome_libsecret',
  encryptStringAsync: async (text) => Buffer.from(Buffer.from(text).map((byte) => byte ^ 0xff)),
  decryptStringAsync: async (encrypted) => ({
    result: Buffer.from(encrypted.map((byte) => byte ^ 0xff)).toString(),
    shouldReEncrypt: false,
  }),
});

// Nobody is there to answer.
electron.dialog.showMessageBox = async (...args) => {
  const { message, buttons } = args.at(-1);
  recorded.questions.push({ message, buttons });
  const answer = recorded.answers.shift();
  return { response: answer === undefined ? buttons.length - 1 : buttons.indexOf(answer) };
};

electron.dialog.showOpenDialog = async (...args) => {
  const { title, properties } = args.at(-1);
  recorded.questions.push({ message: title, buttons: properties, isModal: args.length > 1 });
  const answer = recorded.answers.shift();
  return { canceled: answer === undefined, filePaths: answer === undefined ? [] : [answer] };
};

electron.shell.openExternal = async (url) => void recorded.opened.push(url);

Object.defineProperty(electron, 'Tray', { value: Tray });
Object.defineProperty(electron, 'Notification', { value: Notification });
