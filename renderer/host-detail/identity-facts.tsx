import type { Certificate } from '../../shared/schema/certificate.ts';
import { serialWords } from './certificate-words.ts';
import { Fact } from './fact.tsx';

interface IdentityProps {
  certificate: Certificate;
}

/** Shows whom a certificate is for and who issued it, in full. */
export function NameFacts({ certificate: { subject, issuer } }: IdentityProps) {
  return (
    <>
      <Fact name="Subject" copy={subject}>
        {subject || '(empty)'}
      </Fact>
      <Fact name="Issuer" copy={issuer}>
        {issuer}
      </Fact>
    </>
  );
}

/** Shows the numbers by which other programs know a certificate. */
export function NumberFacts({ certificate: { serialNumber, fingerprint256 } }: IdentityProps) {
  return (
    <>
      <Fact name="Serial number" copy={serialWords(serialNumber)} isMono>
        {serialWords(serialNumber)}
      </Fact>
      <Fact name="SHA-256" copy={fingerprint256} isMono>
        {fingerprint256}
      </Fact>
    </>
  );
}
