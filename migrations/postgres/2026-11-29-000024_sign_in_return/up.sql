-- The path of the page that the person wanted when they asked for a link to sign in.
ALTER TABLE sign_in_links ADD COLUMN return_to TEXT;
