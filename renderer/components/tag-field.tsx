import { TagsInput, type TagsInputProps } from '@mantine/core';
import { useState } from 'react';

interface TagFieldProps extends Omit<TagsInputProps, 'data' | 'value'> {
  /** Tags to complete from. */
  known: readonly string[];
  value: string[];
}

/**
 * A field for tags that completes those in use, so that a typing mistake makes no new one. Its list is open only while it
 * has something to offer: an open list takes the Escape that should close the dialog.
 */
export function TagField({ known, value, ...props }: TagFieldProps) {
  const [search, setSearch] = useState('');
  const [isDismissed, setDismissed] = useState(false);
  const typed = search.trim().toLowerCase();
  const offers = known.filter((tag) => !value.includes(tag) && tag.toLowerCase().includes(typed));
  return (
    <TagsInput
      placeholder="Type a tag and press Enter"
      maxDropdownHeight={160}
      {...props}
      value={value}
      data={offers}
      searchValue={search}
      onSearchChange={(text) => {
        setSearch(text);
        setDismissed(false);
      }}
      dropdownOpened={typed !== '' && offers.length > 0 && !isDismissed}
      onDropdownClose={() => setDismissed(true)}
    />
  );
}
