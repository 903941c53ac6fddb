import { readFileSync } from 'node:fs';
import { readPem } from '../electron/engine/probe/files/pem.ts';
import { TrustStores } from '../electron/engine/verify/trust.ts';
import { Verifier } from '../electron/engine/verify/verifier.ts';
import { type LimboCase, limboSchema } from './support/limbo.ts';

/** Certificates expire in this suite when they expire; how near that is does not matter. */
const thresholds = { warning: { days: 0 }, critical: { days: 0 } };

async function judge(testCase: LimboCase) {
  const { id, expected_result: expected, expected_peer_name: peer, validation_time: time } = testCase;
  const host = peer && testCase.validation_kind === 'SERVER' ? peer.value : null;
  const started = performance.now();
  const verifier = new Verifier(new TrustStores([], testCase.trusted_certs));
  const judgement = await verifier.verify(
    {
      chain: [testCase.peer_certificate, ...testCase.untrusted_intermediates].flatMap(readPem),
      protocol: null,
      cipher: null,
      staple: null,
      isKeyProven: true,
    },
    {
      host,
      scope: host === null ? 'path' : 'server',
      thresholds,
      caFiles: [],
      now: time ? Date.parse(time) : Date.now(),
    },
  );
  const problems = judgement?.problems.map(({ code, severity }) => ({ code, severity }));
  const severities = ['critical', 'warning', 'note'] as const;
  const verdict = problems
    ? (severities.find((one) => problems.some(({ severity }) => severity === one)) ?? 'ok')
    : 'critical';
  return {
    id,
    expected,
    verdict,
    problems: problems ?? [{ code: 'unreachable', severity: 'critical' }],
    ms: Math.round((performance.now() - started) * 100) / 100,
  };
}

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('Usage: npm run -s limbo -- FILE…');
  process.exit(64);
}
for (const file of files) {
  const { testcases } = limboSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  for (const testCase of testcases) console.log(JSON.stringify(await judge(testCase)));
}
