document.title='NotAfter'; export {};
