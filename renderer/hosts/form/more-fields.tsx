import { Checkbox, Group, Select, Stack, Textarea, TextInput } from '@mantine/core';
import type { useForm } from '@mantine/form';
import { isFileTarget, parseTarget, starttlsProtocols } from '../../../shared/schema/target.ts';
import { RulesFields } from '../../components/rules-fields.tsx';
import type { FormValues } from './form-values.ts';

const starttlsChoices = [
  { value: 'auto', label: 'What is usual on the port' },
  { value: 'none', label: 'None: TLS from the first byte' },
  ...starttlsProtocols.map((protocol) => ({ value: protocol, label: protocol })),
];

/** What most jobs leave to its default. */
export function MoreFields({
  form,
  isMany,
}: {
  form: ReturnType<typeof useForm<FormValues>>;
  /** For many addresses at once there is no one name. */
  isMany: boolean;
}) {
  return (
    <Stack gap="sm">
      {!isMany && <TextInput label="Name" placeholder="The address" {...form.getInputProps('name')} />}
      <Group grow align="flex-start">
        <Select
          label="STARTTLS"
          data={starttlsChoices}
          allowDeselect={false}
          searchable
          {...form.getInputProps('starttls')}
        />
        <TextInput
          label="Server name"
          placeholder="The host"
          spellCheck={false}
          {...form.getInputProps('servername')}
        />
      </Group>
      <RulesFields input={(field) => form.getInputProps(`rules.${field}`)} />
      <Textarea
        label="CA files"
        description="Paths of PEM files to trust beside the usual roots, one a line"
        autosize
        minRows={1}
        spellCheck={false}
        {...form.getInputProps('caFiles')}
      />
      <ConnectionFields form={form} />
      <Textarea label="Notes" autosize minRows={2} {...form.getInputProps('notes')} />
    </Stack>
  );
}

function ConnectionFields({ form }: { form: ReturnType<typeof useForm<FormValues>> }) {
  if (parsesAsFile(form.values.address)) {
    return (
      <TextInput
        label="Passphrase file"
        description="For a PKCS#12 file: path of a file whose first line is its passphrase"
        spellCheck={false}
        {...form.getInputProps('passphraseFile')}
      />
    );
  }
  return (
    <>
      <Group grow align="flex-start">
        <TextInput
          label="IP address"
          placeholder="What the name resolves to"
          spellCheck={false}
          {...form.getInputProps('ipAddress')}
        />
        <Select label="Addresses" data={families} allowDeselect={false} {...form.getInputProps('family')} />
      </Group>
      <Checkbox
        label="Check every address of the name, and show the worst"
        {...form.getInputProps('allAddresses', { type: 'checkbox' })}
      />
      <Select label="Read by" data={readers} allowDeselect={false} {...form.getInputProps('reader')} />
      <Checkbox
        label="Ask for both certificates of a server that has an RSA and an ECDSA one, and show the worse"
        {...form.getInputProps('bothCertificates', { type: 'checkbox' })}
      />
      <TextInput
        label="Proxy"
        placeholder="That of the settings; or none, http://host:port, socks5://host:port"
        spellCheck={false}
        {...form.getInputProps('proxy')}
      />
      <Group grow align="flex-start">
        <TextInput
          label="Client certificate"
          placeholder="Path of a PEM file"
          spellCheck={false}
          {...form.getInputProps('certFile')}
        />
        <TextInput
          label="Client key"
          placeholder="Path of a PEM file"
          spellCheck={false}
          {...form.getInputProps('keyFile')}
        />
        <TextInput
          label="Its passphrase file"
          placeholder="None"
          spellCheck={false}
          {...form.getInputProps('keyPassphraseFile')}
        />
      </Group>
    </>
  );
}

const readers = [
  { value: 'light', label: 'What the server presents, without finishing a session' },
  { value: 'full', label: 'A whole TLS handshake, as clients make it' },
];

const families = [
  { value: 'any', label: 'IPv4 and IPv6' },
  { value: 'ipv4', label: 'IPv4 alone' },
  { value: 'ipv6', label: 'IPv6 alone' },
];

function parsesAsFile(address: string): boolean {
  const parsed = parseTarget(address);
  return parsed.ok && isFileTarget(parsed.target);
}
