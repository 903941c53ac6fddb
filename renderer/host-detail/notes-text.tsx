import classes from './job-detail.module.css';

/** An address in a text, without the sign that ends the sentence. */
const address = /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]]/g;

/** Shows the notes of a host, with its addresses as links. */
export function NotesText({ notes }: { notes: string }) {
  const links = notes.match(address) ?? [];
  const texts = notes.split(address);
  return (
    <section>
      <h3>Notes</h3>
      <p className={classes['notes']}>
        {texts.map((text, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never change places.
          <span key={index}>
            {text}
            {links[index] !== undefined && (
              <a href={links[index]} target="_blank" rel="noopener noreferrer">
                {links[index]}
              </a>
            )}
          </span>
        ))}
      </p>
    </section>
  );
}
