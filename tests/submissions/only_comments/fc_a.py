# Sorry, I was ill this week.
