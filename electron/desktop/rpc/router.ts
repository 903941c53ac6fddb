import { implement, ORPCError } from '@orpc/server';
import { desktopContract, type FileChoice, type UpdateState } from '../../../shared/contract/desktop.ts';
import type { NotificationTest } from '../../../shared/schema/notification-test.ts';
import { type RouterContext, router } from '../../api/router/router.ts';
import { type CommandPlace, CommandPlaceError } from '../os/cli-install.ts';
import type { LoginItem } from '../os/login-item.ts';
import { askForConsent, ConsentTooLongError } from './search-consent.ts';

/** What only the desktop can do for its page. */
export interface DesktopControl {
  update(): UpdateState;
  lookForUpdate(): Promise<UpdateState>;
  offerUpdate(): Promise<UpdateState>;
  showLog(): void;
  testNotification(): Promise<NotificationTest>;
  keepPage(isDirty: boolean): void;
  /** Returns the paths that the person chooses; none where it was canceled. */
  chooseFiles(what: FileChoice): Promise<string[]>;
  command: CommandPlace;
  /** Null: the system does not let this copy change it. */
  loginItem: Pick<LoginItem, 'isOn' | 'set'> | null;
}

const commandOf = ({ command: { found, canPut } }: DesktopControl) => ({ path: found, canPut });

const loginOf = ({ loginItem }: DesktopControl) => ({ isOn: loginItem?.isOn() ?? null });

const os = implement(desktopContract).$context<RouterContext & { desktop: DesktopControl }>();

/** Everything that our own page may ask for; over HTTP there is the engine's part alone. */
export const pageRouter = {
  ...router,
  desktop: {
    update: os.desktop.update.handler(({ context: { desktop } }) => desktop.update()),
    lookForUpdate: os.desktop.lookForUpdate.handler(({ context: { desktop } }) => desktop.lookForUpdate()),
    offerUpdate: os.desktop.offerUpdate.handler(({ context: { desktop } }) => desktop.offerUpdate()),
    command: os.desktop.command.handler(({ context: { desktop } }) => commandOf(desktop)),
    putCommand: os.desktop.putCommand.handler(({ context: { desktop } }) => {
      try {
        desktop.command.put();
      } catch (error) {
        if (error instanceof CommandPlaceError)
          throw new ORPCError('CONFLICT', { message: error.message, cause: error });
        throw error;
      }
      return commandOf(desktop);
    }),
    confirmSearch: os.desktop.confirmSearch.handler(async ({ input, context: { engine } }) => {
      try {
        return { confirmed: await askForConsent(engine, input.id) };
      } catch (error) {
        if (error instanceof ConsentTooLongError)
          throw new ORPCError('CONFLICT', { message: error.message, cause: error });
        throw error;
      }
    }),
    chooseFiles: os.desktop.chooseFiles.handler(async ({ input, context: { desktop } }) => ({
      paths: await desktop.chooseFiles(input.what),
    })),
    showLog: os.desktop.showLog.handler(({ context: { desktop } }) => desktop.showLog()),
    loginItem: os.desktop.loginItem.handler(({ context: { desktop } }) => loginOf(desktop)),
    setLoginItem: os.desktop.setLoginItem.handler(({ input, context: { desktop, engine } }) => {
      desktop.loginItem?.set(input.isOn);
      engine.status.announce(); // The tray shows it, too.
      return loginOf(desktop);
    }),
    testNotification: os.desktop.testNotification.handler(({ context: { desktop } }) =>
      desktop.testNotification(),
    ),
    keepPage: os.desktop.keepPage.handler(({ input, context: { desktop } }) =>
      desktop.keepPage(input.isDirty),
    ),
  },
};
