import { Fragment } from 'react';
import type { Certificate } from '../../shared/schema/certificate.ts';
import { constraintLines, keyUsageWords } from './certificate-words.ts';
import { Fact } from './fact.tsx';

/** Shows what a certificate's extensions say: key usage, constraints, and where revocation and issuer are found. */
export function ExtensionRows({ certificate: { extensions } }: { certificate: Certificate }) {
  if (!extensions) return null;
  const { keyUsage, ocspUrls, crlUrls, issuerUrls } = extensions;
  return (
    <>
      {keyUsage && <Fact name="Key usage">{keyUsageWords(keyUsage)}</Fact>}
      <Lines name="Constraints" lines={constraintLines(extensions)} />
      <Lines name="OCSP" lines={ocspUrls} canCopy />
      <Lines name="Revocation lists" lines={crlUrls} canCopy />
      <Lines name="Issuer’s certificate" lines={issuerUrls} canCopy />
    </>
  );
}

interface LinesProps {
  name: string;
  lines: readonly string[];
  canCopy?: boolean;
}

/** A fact of several lines; nothing where there are none. Addresses are text: a certificate of a stranger makes no link. */
function Lines({ name, lines, canCopy = false }: LinesProps) {
  if (lines.length === 0) return null;
  return (
    <Fact name={name} copy={canCopy ? lines.join('\n') : undefined}>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a certificate may name an address twice, and its lines never move.
        <Fragment key={index}>
          {index > 0 && <br />}
          {line}
        </Fragment>
      ))}
    </Fact>
  );
}
