/* What a page is opened for is asked for first: by itself htmx begins when all else is set up. */
for (const first of document.querySelectorAll('[data-eager]')) htmx.process(first);
