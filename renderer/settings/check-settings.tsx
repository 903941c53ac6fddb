import { Stack, Textarea } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { BrowseButton } from '../components/browse-button.tsx';
import classes from './settings.module.css';
import { errorAt, type SettingsPartProps } from './settings-errors.ts';
import { ValueSettings } from './value-settings.tsx';

/** How hosts are checked. */
export function CheckSettings({ settings, errors, onSave }: SettingsPartProps) {
  // What was typed is still being saved when the button beside the field is clicked.
  const caFiles = useRef(settings.caFiles);
  useEffect(() => {
    caFiles.current = settings.caFiles;
  }, [settings.caFiles]);
  const saveCaFiles = (paths: string[]) => {
    caFiles.current = paths;
    void onSave({ caFiles: paths });
  };
  return (
    <section className={classes['part']} id="settings-checks" aria-labelledby="settings-checks-title">
      <h3 id="settings-checks-title">Checks</h3>
      <Stack>
        <Textarea
          label="CA files"
          description="PEM files with CAs to trust for every host, in addition to the usual roots (one path per line)"
          autosize
          minRows={2}
          spellCheck={false}
          key={settings.caFiles.join('\n')}
          defaultValue={settings.caFiles.join('\n')}
          error={errorAt(errors, 'caFiles')}
          onBlur={(event) => {
            const paths = event.currentTarget.value
              .split('\n')
              .map((path) => path.trim())
              .filter(Boolean);
            if (paths.join('\n') !== settings.caFiles.join('\n')) saveCaFiles(paths);
          }}
        />
        <BrowseButton
          what="files"
          purpose="to trust"
          onChosen={(paths) => saveCaFiles([...new Set([...caFiles.current, ...paths])])}
        />
        <ValueSettings section="checks" settings={settings} errors={errors} onSave={onSave} />
      </Stack>
    </section>
  );
}
