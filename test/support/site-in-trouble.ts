import type { EngineOptions } from '../../electron/engine/engine-options.ts';
import { jobInputSchema } from '../../shared/schema/job.ts';
import type { SettingsPatch } from '../../shared/schema/settings.ts';
import { TestEngine } from './test-engine.ts';
import { serveTls } from './tls-server.ts';

interface Trouble {
  settings: SettingsPatch;
  channelBases?: EngineOptions['channelBases'];
  /** When the certificate of 90 days ends; yesterday unless given. */
  notAfterDays?: number;
}

/** An engine with a host called Shop whose certificate has expired or expires soon, and channels that were not notified yet. */
export async function siteInTrouble({ settings, channelBases, notAfterDays = -1 }: Trouble) {
  const test = new TestEngine(channelBases ? { channelBases } : {});
  const lifetime = { notBeforeDays: notAfterDays - 90, notAfterDays };
  const server = await serveTls(test.ca.issue(lifetime), [test.ca]);
  test.engine.start();
  await test.engine.settings.edit(settings);
  // What is sent again is the one alert: no reminder of it.
  const alerts = { remindEveryDays: 0 };
  const input = { target: { host: 'localhost', port: server.port }, tags: ['shop'], name: 'Shop', alerts };
  const { id } = await test.engine.jobs.add(jobInputSchema.parse(input));
  await test.engine.checks.checkNow(id);
  return {
    test,
    id,
    async [Symbol.asyncDispose]() {
      await test[Symbol.asyncDispose]();
      await server.close();
    },
  };
}
