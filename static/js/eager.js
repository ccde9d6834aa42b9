/* What a page is opened for is asked for first: htmx itself begins when all else has been set up, a good while later. */
for (const first of document.querySelectorAll('[data-eager]')) htmx.process(first);
