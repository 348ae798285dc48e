"""The page that shows one or several runs: self-contained HTML, no network, no scripts needed."""
