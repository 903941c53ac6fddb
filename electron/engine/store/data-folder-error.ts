/** The data folder, or a file in it, cannot be used; its message is the sentence that says why. */
export class DataFolderError extends Error {
  override name = 'DataFolderError';
}
